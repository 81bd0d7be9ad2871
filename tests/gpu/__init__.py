"""What only a real card can prove. ``python -m tests.gpu`` prints the figures; pytest runs the same checks."""
