import functions from "@google-cloud/functions-framework";

functions.http("echo", (request, response) => response.json(request.body));
