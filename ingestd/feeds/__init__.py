"""Feed documents: read, their entries told apart, and the next poll planned. Pure: values in, values out."""
