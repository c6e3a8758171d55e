import type { Driver, DriverInstance, Exit, InstanceRequest } from "../../platform/drivers/driver.ts";
import type { NetworkPlace } from "../../platform/drivers/surroundings.ts";
import { Link } from "../../platform/link/link.ts";
import { loadMessage, NO_CREDENTIALS } from "../../platform/scheduler/load-message.ts";
import type { Answer } from "../scheduler/fixtures.ts";
import { target } from "../scheduler/fixtures.ts";

const TERMS = { timeoutMs: 10_000, credentials: NO_CREDENTIALS };

let made = 0;

/** An instance with its link, driven step by step as the scheduler does. */
export class Tenant implements AsyncDisposable {
  readonly instance: DriverInstance;
  readonly link: Link;
  output = "";

  private constructor(instance: DriverInstance) {
    this.instance = instance;
    if (instance.stream === undefined) throw new Error("an instance of a container image has no link");
    this.link = new Link(instance.stream, instance.token);
    this.link.onEnd = () => undefined;
    instance.onOutput((chunk) => {
      this.output += chunk.toString();
    });
  }

  static async start(
    driver: Driver,
    runtime = "Node.js20.15",
    own: Pick<InstanceRequest, "network" | "mounts"> = {},
  ): Promise<Tenant> {
    made += 1;
    return Tenant.over(await driver.create({ id: `tenant-${made}`, runtime, ...own }));
  }

  /** One that is made, and was never spoken to. */
  static async over(instance: DriverInstance): Promise<Tenant> {
    const tenant = new Tenant(instance);
    await tenant.link.hello(10_000);
    return tenant;
  }

  async claim(codeDir: string, memoryMb = 512, network?: NetworkPlace): Promise<this> {
    const limits = { memoryMb, cpuMillicores: 2000 };
    const codeRoot = await this.instance.claim({ codeDir, ...limits, ...(network && { network }) });
    const place = { instanceId: this.instance.id, codeRoot };
    await this.link.load(loadMessage(target({ codeDir, memoryMb, concurrency: 8 }), place, TERMS), 10_000);
    return this;
  }

  /** Calls the function; the call fails with the reason when the instance ends. */
  call(event: unknown, timeoutMs = 20_000): Promise<Answer> {
    return new Promise((resolve) => {
      const logs: string[] = [];
      this.link.invoke({
        requestId: "00000000-0000-4000-8000-000000000000",
        event: Buffer.from(JSON.stringify(event)),
        meta: undefined,
        deadline: performance.now() + timeoutMs,
        log: (_level, text) => logs.push(text.toString()),
        succeed: (payload) => resolve({ failure: undefined, text: payload.toString(), logs }),
        fail: (failure, payload) => resolve({ failure, text: payload.toString(), logs }),
      });
    });
  }

  /** Runs JavaScript inside the function, as the body of an async function; gives back what it returns. */
  async run(js: string, timeoutMs?: number): Promise<unknown> {
    const { failure, text } = await this.call({ js }, timeoutMs);
    if (failure !== undefined) throw new Error(`${failure}: ${text}`);
    return text === "" ? undefined : (JSON.parse(text) as unknown);
  }

  /** Waits for the end that the code itself brings about. */
  async end(): Promise<Exit> {
    const exit = await this.instance.exited;
    this.link.close();
    return exit;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.link.close();
    await this.instance.destroy();
  }
}

/** A function that runs whatever it is sent: hostile code in one file. */
export const OPEN_DOOR = `
const AsyncFunction = (async () => {}).constructor;
exports.handler = async (event, context) => {
  const value = await new AsyncFunction("require", "context", event.js)(require, context);
  return JSON.stringify(value);
};
`;
