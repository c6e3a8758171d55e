// Compiles into an assembly of another name than the handler's.
