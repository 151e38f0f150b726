"""What is known of a person, in words, as every page of the desk says it."""
