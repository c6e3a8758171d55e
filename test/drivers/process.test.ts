import { driverContract } from "./contract.ts";
import { processSubject } from "./subjects.ts";

driverContract("process, as isolated as this machine allows", () => processSubject("auto"));
driverContract("process, bare", () => processSubject("bare"));
