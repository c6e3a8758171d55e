import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Duplex } from "node:stream";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadMessage, NO_CREDENTIALS } from "../../platform/scheduler/load-message.ts";
import { target } from "../scheduler/fixtures.ts";
import { leftoversOf, processSubject, type ProcessSubject } from "./subjects.ts";
import { Tenant } from "./tenant.ts";

const BOOTSTRAP = fileURLToPath(new URL("../../runtime-images/python/bootstrap.py", import.meta.url));
/** Runs whatever Python it is sent, and answers `value`. */
const OPEN_DOOR = `import os
def handler(event, context):
    scope = {"os": os}
    exec(event["py"], scope)
    return [scope.get("value")]
`;
const TERMS = { timeoutMs: 10_000, credentials: NO_CREDENTIALS };
const NAMESPACES = ["mnt", "net", "pid", "ipc", "uts"];

const probe = await processSubject("auto");
const sandboxed = probe.driver.capabilities.limitsMemory;
const pythons = (await probe.driver.runtimes()).filter(
  ({ family, available }) => family === "python" && available,
);
await probe.driver.close();
probe.remove();
if (!sandboxed || pythons.length === 0)
  console.log("tests of forked instances are skipped: they need sandboxes and a Python");

const all = process.env["FUNGRAPH_TEST_VERSIONS"] === "all";
const runtimes = pythons
  .map(({ runtime }) => runtime)
  .filter((_, at) => all || at === 0 || at === pythons.length - 1);

describe.skipIf(!sandboxed).each(runtimes)("a forked instance of %s", (runtime) => {
  let subject: ProcessSubject;
  let code: string;
  /** Started by its program: there was no server yet. */
  let spawned: Tenant;
  let one: Tenant;
  let other: Tenant;

  beforeAll(async () => {
    subject = await processSubject("auto");
    code = subject.code("python", "");
    writeFileSync(join(code, "index.py"), OPEN_DOOR);
    spawned = await start();
    one = await forked();
    other = await forked();
  });

  afterAll(async () => {
    for (const tenant of [spawned, one, other]) await tenant[Symbol.asyncDispose]();
    await subject.driver.close();
    expect(leftoversOf(join(subject.folder, "run"))).toEqual([]);
    subject.remove();
  });

  async function start(memoryMb = 512): Promise<Tenant> {
    const tenant = await Tenant.start(subject.driver, runtime);
    const codeRoot = await tenant.instance.claim({ codeDir: code, memoryMb, cpuMillicores: 2000 });
    const place = { instanceId: tenant.instance.id, codeRoot };
    await tenant.link.load(loadMessage(target({ codeDir: code, memoryMb }), place, TERMS), 10_000);
    return tenant;
  }

  /** Tries until there is a server, and a sandbox for it. */
  async function forked(memoryMb?: number): Promise<Tenant> {
    for (let attempt = 0; attempt < 100; attempt++) {
      const tenant = await start(memoryMb);
      // The parent of a fork is none of its sandbox's.
      if ((await run(tenant, "value = os.getppid()")) === 0) return tenant;
      await tenant[Symbol.asyncDispose]();
    }
    throw new Error("no start is a fork");
  }

  test("has randomness of its own", async () => {
    const draw = `import random, uuid, binascii
value = [random.random(), random.getrandbits(64), str(uuid.uuid4()), binascii.hexlify(os.urandom(16)).decode()]`;
    const drawn = [await run(spawned, draw), await run(one, draw), await run(other, draw)] as unknown[][];
    expect(new Set(drawn.flat()).size).toBe(12);
  });

  test("has the descriptors of any instance and no other", async () => {
    // What its platform inherited is covered with /dev/null, and Python 2 keeps /dev/urandom open.
    const list = `value = []
for name in os.listdir("/proc/self/fd"):
    try: value.append([int(name), os.readlink("/proc/self/fd/" + name).split(":")[0]])
    except OSError: pass
value = sorted(one for one in value if not one[1].startswith("/dev/"))`;
    const kinds = [
      [1, "socket"],
      [2, "socket"],
      [3, "socket"],
    ];
    expect(await run(spawned, list)).toEqual(kinds);
    expect(await run(one, list)).toEqual(kinds);
  });

  test("has no thread of its parent, and the signals of any instance", async () => {
    const threads = `import threading, signal
value = [threading.active_count(), isinstance(threading.current_thread(), threading._MainThread),
         len(os.listdir("/proc/self/task")), signal.set_wakeup_fd(-1)]
value += [str(signal.getsignal(number)) for number in range(1, 32)]`;
    expect(await run(one, threads)).toEqual(await run(spawned, threads));
  });

  test("is the user of any instance, with its limits and without capabilities", async () => {
    const facts = `import resource
status = dict(line.rstrip("\\n").split(":\\t", 1) for line in open("/proc/self/status") if ":\\t" in line)
names = ["Uid", "Gid", "Groups", "NoNewPrivs", "Seccomp", "Umask", "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb", "SigBlk"]
value = [status.get(name, "").strip() for name in names]
value += [resource.getrlimit(number) for number in (resource.RLIMIT_CORE, resource.RLIMIT_NOFILE, resource.RLIMIT_NPROC)]
value += [open("/proc/self/oom_score_adj").read(), os.stat("/proc/self/environ").st_uid, os.getsid(0) != 0]`;
    const found = (await run(one, facts)) as unknown[];
    expect(found.slice(0, 2)).toEqual(["1003\t1003\t1003\t1003", "1003\t1003\t1003\t1003"]);
    expect(found.slice(6, 11)).toEqual(Array(5).fill("0000000000000000"));
    expect(found).toEqual([...((await run(spawned, facts)) as unknown[]).slice(0, -1), true]);
  });

  test("sees what any instance sees", async () => {
    const facts = `import sys
main = sys.modules["__main__"]
value = [sys.argv, sys.path, sys.executable, sys.prefix, main.__name__, main.__file__, os.getcwd(),
         sorted(os.environ.items()), os.listdir("/opt/function/code"), os.listdir("/tmp"), sorted(os.listdir("/"))]`;
    expect(await run(one, facts)).toEqual(await run(spawned, facts));
  });

  test("shares no namespace and no writable memory with anybody", async () => {
    const facts = `names = ${JSON.stringify(NAMESPACES)}
value = [[os.readlink("/proc/self/ns/" + name) for name in names]]
value.append([line for line in open("/proc/self/maps") if line.split()[1].startswith("rw-s")])`;
    const [mine = [], shared] = (await run(one, facts)) as string[][];
    const [others = []] = (await run(other, facts)) as string[][];
    const machine = NAMESPACES.map((name) => readlinkSync(`/proc/self/ns/${name}`));
    for (const [at, name] of NAMESPACES.entries())
      expect(new Set([mine[at], others[at], machine[at]]).size, name).toBe(3);
    expect(shared).toEqual([]);
  });

  test("keeps what it changes to itself", async () => {
    const change = `import random, sys
random.left = sys.left = os.environ["LEFT"] = "behind"
open("/tmp/left", "w").close()
value = os.fork()
if value == 0: os._exit(0)
os.wait()`;
    await run(one, change);
    const look = `import random, sys
value = [hasattr(random, "left"), hasattr(sys, "left"), os.environ.get("LEFT"), os.listdir("/tmp")]`;
    expect(await run(one, look)).toEqual([true, true, "behind", ["left"]]);
    expect(await run(other, look)).toEqual([false, false, null, []]);
    await using later = await forked();
    expect(await run(later, look)).toEqual([false, false, null, []]);
  });

  test("imports the code's own modules, also those with names of the language's", async () => {
    writeFileSync(join(code, "queue.py"), 'WHOSE = "the code\'s"\n');
    await using fresh = await forked();
    expect(await run(fresh, "import queue\nvalue = queue.WHOSE")).toBe("the code's");
  });

  test("ends as its code ends it, and signals reach nobody else", async () => {
    const ended = async (py: string): Promise<unknown> => {
      const tenant = await forked();
      void tenant.call({ py });
      return tenant.end();
    };
    expect(await ended("os._exit(7)")).toMatchObject({ code: 7, signal: null, outOfMemory: false });
    expect(await ended("os.kill(os.getpid(), 9)")).toMatchObject({ code: null, signal: "SIGKILL" });
    // All of its process group, and all that it may signal at all.
    expect(await ended("os.kill(0, 9)")).toMatchObject({ code: null, signal: "SIGKILL" });
    await ended("os.kill(-1, 9)");
    expect(await run(one, "value = 'there'")).toBe("there");
    await using later = await forked();
    expect(await run(later, "value = 'there'")).toBe("there");
  });

  test("has its memory counted and limited", async () => {
    await using small = await forked(128);
    await run(small, "import sys\nsys.kept = bytearray(64 << 20)");
    const { memoryBytes } = await small.instance.usage();
    expect(memoryBytes).toBeGreaterThan(64 << 20);
    expect(memoryBytes).toBeLessThan(100 << 20);
    void small.call({ py: "import sys\nsys.more = bytearray(512 << 20)\nimport time; time.sleep(20)" });
    expect(await small.end()).toMatchObject({ outOfMemory: true });
  });

  test("ends with its server, and the next start does without, or with another", async () => {
    const doomed = await forked();
    const [server] = servers();
    if (server === undefined) throw new Error("there is no server");
    process.kill(server, "SIGKILL");
    await doomed.end();
    await using next = await start();
    expect(await run(next, "value = 'there'")).toBe("there");
    one = await forked();
    expect(servers()).not.toContain(server);
    other = await forked();
  });
});

test.skipIf(!sandboxed || pythons.length === 0)(
  "a fork server enters no process but the one that is meant",
  async () => {
    const [program = ""] = pythons[0]?.detail.split(" (") ?? [];
    const server = spawn(program, [BOOTSTRAP], {
      env: { FUNGRAPH_FORKS: "3", PYTHONDONTWRITEBYTECODE: "1" },
      stdio: ["ignore", "ignore", "inherit", "pipe"],
    });
    const control = server.stdio[3] as Duplex;
    const lines = createInterface({ input: control })[Symbol.asyncIterator]();
    expect((await lines.next()).value).toBe("ready");
    // The id of a process that runs, with the start of one that had it before.
    control.write(`fork ${process.pid}-1 token\n`);
    expect((await lines.next()).value).toBe(`refused ${process.pid}-1 ESRCH`);
    control.end();
    expect(await once(server, "exit")).toEqual([0, null]);
  },
);

async function run(tenant: Tenant, py: string): Promise<unknown> {
  const { failure, text } = await tenant.call({ py });
  if (failure !== undefined) throw new Error(`${failure}: ${text}`);
  return (JSON.parse(text) as unknown[])[0];
}

/** Fork servers whose platform is this process. */
function servers(): number[] {
  const own = readlinkSync("/proc/self/ns/pid");
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const environment = readFileSync(`/proc/${pid}/environ`, "utf8");
        const parent = / (\d+) /.exec(readFileSync(`/proc/${pid}/stat`, "utf8").split(")").at(-1) ?? "")?.[1];
        return (
          environment.includes("FUNGRAPH_FORKS=") &&
          parent === String(process.pid) &&
          readlinkSync(`/proc/${pid}/ns/pid`) === own
        );
      } catch {
        // It ended in between.
        return false;
      }
    })
    .map(Number);
}
