module netrpc

go 1.21
