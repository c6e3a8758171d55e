module fungraph/go-bootstrap

go 1.19
