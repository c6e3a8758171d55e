import { driverContract } from "./contract.ts";
import { fakeSubject } from "./subjects.ts";

driverContract("fake", fakeSubject);
