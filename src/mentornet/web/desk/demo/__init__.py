"""The one-click sign-in of a demonstration. Outside one, none of this exists."""
