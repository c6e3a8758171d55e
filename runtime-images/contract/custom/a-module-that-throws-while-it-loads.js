throw new Error("early");
