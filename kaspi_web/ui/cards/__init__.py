"""Cards: the list, linking another bank's, and the code that its bank texts."""
