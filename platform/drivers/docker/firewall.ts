import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

const ENV = { PATH: "/usr/sbin:/sbin:/usr/bin:/bin", LC_ALL: "C" };
/** Waits so many seconds for whoever else changes rules. */
const WAIT = ["-w", "5"];
const PREFIX = "fungraph.";
const CHAINS = ["INPUT", "DOCKER-USER"];

/** A network of containers, as the machine's rules see it. */
export interface Fenced {
  /** Its interface. */
  readonly bridge: string;
  /** Nothing that comes from it may leave through the machine. */
  readonly closed: boolean;
}

/**
 * What keeps functions out of the machine's own ports, and of the services that a cloud offers each machine at a link-local address. Answers
 * to what the machine itself asked of a function pass.
 */
function rulesFor({ bridge, closed }: Fenced): readonly (readonly [chain: string, ...rule: string[]])[] {
  return [
    ["INPUT", "-i", bridge, "-m", "conntrack", "--ctstate", "NEW,INVALID"],
    ["DOCKER-USER", "-i", bridge, ...(closed ? ["!", "-o", bridge] : ["-d", "169.254.0.0/16"])],
  ];
}

/**
 * Closes the machine to functions, where it is not closed already. Resolves to false where this process may not, or has not the means to, change the machine's rules.
 * @param mark by which the rules are found again; no blanks
 */
export async function closeMachine(fenced: Fenced, mark: string): Promise<boolean> {
  try {
    for (const [chain, ...rule] of rulesFor(fenced)) await hold(chain, marked(rule, mark));
    return true;
  } catch {
    await openMachine((one) => one === mark).catch(() => undefined);
    return false;
  }
}

/** Removes the rules whose mark is meant. */
export async function openMachine(isMeant: (mark: string) => boolean): Promise<void> {
  for (const chain of CHAINS)
    for (const line of await linesOf(chain)) {
      const mark = /--comment "?fungraph\.([^\s"]+)/.exec(line)?.[1];
      if (mark === undefined || !isMeant(mark)) continue;
      await remove(chain, line);
    }
}

/** Another process may have the same in mind. */
async function remove(chain: string, line: string): Promise<void> {
  try {
    await iptables("-D", ...line.replaceAll('"', "").split(" ").slice(1));
  } catch (error) {
    if ((await linesOf(chain)).includes(line)) throw error;
  }
}

async function hold(chain: string, rule: readonly string[]): Promise<void> {
  await iptables("-C", chain, ...rule).catch(() => iptables("-I", chain, ...rule));
}

function marked(rule: readonly string[], mark: string): string[] {
  return [...rule, "-m", "comment", "--comment", PREFIX + mark, "-j", "DROP"];
}

async function linesOf(chain: string): Promise<string[]> {
  try {
    return (await iptables("-S", chain)).split("\n");
  } catch {
    // No such chain, no such program, or no right to look: nothing of ours is there.
    return [];
  }
}

async function iptables(...args: string[]): Promise<string> {
  const { stdout } = await run("iptables", [...WAIT, ...args], { env: ENV });
  return stdout;
}
