// Package text helps events to be read and shown.
package text

import (
	"encoding/json"
	"strings"
)

// Of shows a value as its name and its JSON.
func Of(name string, value interface{}) string {
	shown, err := json.Marshal(value)
	if err != nil {
		return name + "{" + err.Error() + "}"
	}
	return name + string(shown)
}

// Any is a text that may come as a number or anything else of JSON: it keeps what was written.
type Any string

// UnmarshalJSON takes every value; null is the empty text.
func (a *Any) UnmarshalJSON(data []byte) error {
	if !strings.HasPrefix(string(data), `"`) {
		*a = Any(strings.TrimSuffix(string(data), "null"))
		return nil
	}
	var plain string
	err := json.Unmarshal(data, &plain)
	*a = Any(plain)
	return err
}

// Map turns a map of such texts into one of plain texts; nil stays nil.
func Map(values map[string]Any) map[string]string {
	if values == nil {
		return nil
	}
	plain := make(map[string]string, len(values))
	for key, value := range values {
		plain[key] = string(value)
	}
	return plain
}
