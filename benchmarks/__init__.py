"""Measurements that anybody can repeat: each compares two things in one run and prints the ratio."""
