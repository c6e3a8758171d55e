import type { FileSystemSpec } from "../model/file-system.ts";
import type { NatGatewaySpec } from "../model/nat-gateway.ts";
import type { VpcSpec } from "../model/vpc.ts";
import { FILE_SYSTEMS, NAT_GATEWAYS, VPCS } from "../model/wire/facility.ts";
import { Agencies } from "./agencies.ts";
import { Aliases } from "./aliases.ts";
import { AsyncSettingsCalls } from "./async-settings.ts";
import { DeadRequests } from "./dead-requests.ts";
import { Dependencies } from "./dependencies.ts";
import { Facilities } from "./facilities.ts";
import { Functions } from "./functions.ts";
import { Invocations } from "./invocations.ts";
import { Owners } from "./owners.ts";
import { Paths } from "./paths.ts";
import { ReservedInstances } from "./reserved-instances.ts";
import { Tags } from "./tags.ts";
import { TestEvents } from "./test-events.ts";
import { Topics } from "./topics.ts";
import { type ClientOptions, Transport } from "./transport.ts";
import { Triggers } from "./triggers.ts";
import { Versions } from "./versions.ts";

/** The FunctionGraph API of one project, signed with one access key. Every call throws ApiError when it is refused. */
export class Client {
  readonly functions: Functions;
  readonly versions: Versions;
  readonly aliases: Aliases;
  readonly agencies: Agencies;
  readonly tags: Tags;
  readonly owners: Owners;
  readonly topics: Topics;
  readonly triggers: Triggers;
  readonly testEvents: TestEvents;
  readonly reservedInstances: ReservedInstances;
  readonly asyncSettings: AsyncSettingsCalls;
  readonly deadRequests: DeadRequests;
  readonly dependencies: Dependencies;
  readonly vpcs: Facilities<VpcSpec>;
  readonly natGateways: Facilities<NatGatewaySpec>;
  readonly fileSystems: Facilities<FileSystemSpec>;
  readonly invocations: Invocations;
  /** Whose key signs the calls. */
  readonly accessKey: string;
  readonly #options: ClientOptions;
  readonly #transport: Transport;

  /** @param base transport to the same platform whose connections are shared */
  constructor(options: ClientOptions, base?: Transport) {
    this.accessKey = options.accessKey;
    const transport = new Transport(options, base);
    const paths = new Paths(options.projectId);
    this.functions = new Functions(transport, paths);
    this.versions = new Versions(transport, paths);
    this.aliases = new Aliases(transport, paths);
    this.agencies = new Agencies(transport, options.projectId);
    this.tags = new Tags(transport, paths);
    this.owners = new Owners(transport);
    this.topics = new Topics(transport, options.projectId);
    this.triggers = new Triggers(transport, paths);
    this.testEvents = new TestEvents(transport, paths);
    this.reservedInstances = new ReservedInstances(transport, paths);
    this.asyncSettings = new AsyncSettingsCalls(transport, paths);
    this.deadRequests = new DeadRequests(transport);
    this.dependencies = new Dependencies(transport, paths);
    this.vpcs = new Facilities(transport, options.projectId, VPCS);
    this.natGateways = new Facilities(transport, options.projectId, NAT_GATEWAYS);
    this.fileSystems = new Facilities(transport, options.projectId, FILE_SYSTEMS);
    this.invocations = new Invocations(transport, paths);
    this.#options = options;
    this.#transport = transport;
  }

  /** The same client, which marks all that it makes as an owner's. Both close together. */
  inNameOf(owner: string): Client {
    return new Client({ ...this.#options, owner }, this.#transport);
  }

  /** Closes the connections that were kept open. */
  close(): void {
    this.#transport.close();
  }
}
