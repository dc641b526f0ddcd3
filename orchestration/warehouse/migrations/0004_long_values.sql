-- Personal texts of any length: an index over whole values refuses the long ones, and nobody looks one up by its text.
-- A value is found by its token (sources/tokens.py).

drop index vault.clear_value_by_value;
