package main

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"reflect"
)

// warmUp pays, while a spare instance waits, what its first caller would pay: what gob and JSON learn of the types.
func warmUp() {
	var stream bytes.Buffer
	encoder, decoder := gob.NewEncoder(&stream), gob.NewDecoder(&stream)
	for _, value := range []any{requestHeader{}, &invokeRequest{}, responseHeader{}, invokeResponse{StatusCode: 200}} {
		_ = encoder.Encode(value)
	}
	_ = decoder.Decode(&requestHeader{})
	_ = decoder.DecodeValue(reflect.Value{})
	_ = decoder.Decode(&responseHeader{})
	_ = decoder.Decode(&invokeResponse{})
	_ = json.Unmarshal([]byte("{}"), &load{})
	_ = json.Unmarshal([]byte("{}"), &meta{})
}
