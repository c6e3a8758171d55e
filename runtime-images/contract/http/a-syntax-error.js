require("http" => {
