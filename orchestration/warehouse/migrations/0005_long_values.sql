-- A customer's letter may be longer than an index row: values are looked up by their token, never by their text.

drop index vault.clear_value_by_value;
