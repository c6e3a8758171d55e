import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FakeDriver } from "../../platform/drivers/fake/fake-driver.ts";
import { connected } from "../../platform/drivers/machine/door.ts";
import { DriverHost } from "../../platform/drivers/remote/driver-host.ts";
import { Peer } from "../../platform/drivers/remote/peer.ts";
import { LOADING } from "./subjects.ts";

/** Takes its time to end what it runs; who asks a second time gets no answer to that. */
class SlowDriver extends FakeDriver {
  readonly closing = Promise.withResolvers<void>();
  readonly gate = Promise.withResolvers<void>();
  isClosed = false;
  #asked = false;

  override async close(): Promise<void> {
    if (this.#asked) return;
    this.#asked = true;
    this.closing.resolve();
    await this.gate.promise;
    await super.close();
    this.isClosed = true;
  }
}

async function hosted() {
  const folder = mkdtempSync(join(tmpdir(), "fungraph-leave-"));
  const path = join(folder, "scheduler");
  const drivers: SlowDriver[] = [];
  const openDriver = async (): Promise<SlowDriver> => {
    const driver = new SlowDriver(LOADING);
    drivers.push(driver);
    return driver;
  };
  const host = await DriverHost.open({ path, openDriver, problem: () => undefined });
  const connectGateway = async (): Promise<Peer> => new Peer(await connected(connect(path)), {});
  const gateway = await connectGateway();
  const greet = (one = gateway): Promise<unknown> =>
    one.ask("greet", { lines: join(folder, "lines"), codeRoot: folder });
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  return { host, drivers, gateway, connectGateway, greet, path, remove };
}

test("a scheduler that ends waits for what is being ended, also when the gateway went in the middle of it", async () => {
  const { host, drivers, gateway, greet, remove } = await hosted();
  await greet();
  const [driver = expect.fail()] = drivers;
  gateway.tell("leave", undefined);
  await driver.closing.promise;
  gateway.close();
  await gateway.gone;
  const closed = host.close().then(() => driver.isClosed);
  await new Promise((resolve) => setTimeout(resolve, 50));
  driver.gate.resolve();
  expect(await closed).toBe(true);
  remove();
});

test("a gateway has one driver, whatever it says", async () => {
  const { host, drivers, gateway, greet, remove } = await hosted();
  await greet();
  await expect(greet()).rejects.toThrow("greets once");
  expect(drivers).toHaveLength(1);
  for (const driver of drivers) driver.gate.resolve();
  gateway.close();
  await host.close();
  expect(drivers.map(({ isClosed }) => isClosed)).toEqual([true]);
  remove();
});

test("what cannot be ended of one gateway keeps nobody from waiting for the rest", async () => {
  const { host, drivers, greet, connectGateway, remove } = await hosted();
  await greet();
  await greet(await connectGateway());
  const [first = expect.fail(), second = expect.fail()] = drivers;
  const closed = host.close().then(
    () => "closed",
    (error: Error) => `${error.message}, ${second.isClosed}`,
  );
  await Promise.all([first.closing.promise, second.closing.promise]);
  first.gate.reject(new Error("the disk is gone"));
  await new Promise((resolve) => setTimeout(resolve, 50));
  second.gate.resolve();
  expect(await closed).toBe("the disk is gone, true");
  remove();
});

test.each(["GET / HTTP/1.1\r\n\r\n", "null\n", '"greet"\n', "{]\n"])(
  "who says %j is no gateway, and ends nobody else",
  async (said) => {
    const { host, drivers, gateway, greet, path, remove } = await hosted();
    await greet();
    const stranger = await connected(connect(path));
    const ended = once(stranger.resume(), "close");
    stranger.write(said);
    await ended;
    await expect(gateway.ask("constructor", undefined)).rejects.toThrow('knows no "constructor"');
    expect(gateway.open).toBe(true);
    for (const driver of drivers) driver.gate.resolve();
    await host.close();
    remove();
  },
);
