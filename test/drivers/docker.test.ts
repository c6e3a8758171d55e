import { driverContract } from "./contract.ts";
import { dockerSubject } from "./docker-subject.ts";

driverContract("docker", dockerSubject);
