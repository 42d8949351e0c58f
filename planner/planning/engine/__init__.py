"""The engine: a problem in, a placement out, with a bound that anybody can compute again."""
