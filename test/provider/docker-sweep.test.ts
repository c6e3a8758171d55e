import { afterAll, describe, expect, test } from "vitest";
import { Engine } from "../../platform/drivers/docker/engine.ts";
import { fontVolume } from "../../platform/drivers/docker/fonts.ts";
import { sweep } from "../../provider/docker/sweep.ts";
import { base } from "../images/bases.ts";
import { noEngine } from "../images/engine.ts";

const missing = await noEngine();
if (missing !== undefined) console.log(`sweeping is not tested: ${missing}`);

/** All of a stack that this test makes and finds; the engine may be others' too. */
class Litter implements AsyncDisposable {
  readonly stack: string;
  readonly #engine: Engine;
  constructor(engine: Engine, stack: string) {
    this.#engine = engine;
    this.stack = stack;
  }

  async make(): Promise<void> {
    const labels = { "fungraph.stack": this.stack };
    const image = await base(this.#engine, "debian");
    const volume = { Name: `${this.stack}-made`, Labels: labels };
    const declared = { Name: `${this.stack}-data`, Labels: { ...labels, "fungraph.part": "data" } };
    for (const json of [volume, declared]) await this.#post("/volumes/create", json);
    await this.#post("/networks/create", { Name: this.stack, Labels: labels });
    const HostConfig = { NetworkMode: this.stack, Binds: [`${volume.Name}:/data`] };
    const { Id } = await this.#post("/containers/create", {
      Image: image,
      Cmd: ["sleep", "600"],
      Labels: labels,
      HostConfig,
    });
    await this.#post(`/containers/${Id}/start`);
    await this.#post(`/images/${image}/tag?repo=${this.stack}/nodejs&tag=1`);
    await fontVolume(this.#engine, { id: image, name: image }, labels);
  }

  async found(): Promise<string[]> {
    const filters = `filters=${encodeURIComponent(JSON.stringify({ label: [`fungraph.stack=${this.stack}`] }))}`;
    const get = <T>(path: string): Promise<T> => this.#engine.ask<T>({ method: "GET", path });
    const containers = await get<unknown[]>(`/containers/json?all=1&${filters}`);
    const networks = await get<{ Name: string }[]>(`/networks?${filters}`);
    const { Volumes } = await get<{ Volumes: { Name: string }[] | null }>(`/volumes?${filters}`);
    const images = await get<{ RepoTags: string[] | null }[]>("/images/json");
    const tags = images.flatMap(({ RepoTags }) => RepoTags ?? []).filter((tag) => tag.startsWith(this.stack));
    return [
      ...containers.map(() => "container"),
      ...networks.map(() => "network"),
      ...(Volumes ?? []).map(({ Name }) => Name.slice(this.stack.length + 1).split("-")[0] ?? ""),
      ...tags.map(() => "image"),
    ].sort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await sweep(this.#engine, this.stack, this.stack);
    await this.#engine.ask({ method: "DELETE", path: `/volumes/${this.stack}-data` });
  }

  #post(path: string, json?: object): Promise<{ Id: string }> {
    return this.#engine.ask({ method: "POST", path, json });
  }
}

describe.skipIf(missing !== undefined)("the sweep after a platform on Docker", { timeout: 120_000 }, () => {
  const engine = new Engine();
  afterAll(() => engine.close());

  test("removes all that the platform has made, nothing of another one, and not the volume that is declared", async () => {
    await using ours = new Litter(engine, `fungraph-swept-a-${process.pid}`);
    await using others = new Litter(engine, `fungraph-swept-b-${process.pid}`);
    const all = ["container", "data", "fonts", "image", "made", "network"];
    await ours.make();
    await others.make();
    expect(await ours.found()).toEqual(all);
    await sweep(engine, ours.stack, ours.stack);
    expect(await ours.found()).toEqual(["data"]);
    expect(await others.found()).toEqual(all);
    await sweep(engine, ours.stack, ours.stack);
    await sweep(engine, others.stack, others.stack);
    expect(await others.found()).toEqual(["data"]);
  });

  test("leaves a network that somebody's own container is in, and takes the rest", async () => {
    await using litter = new Litter(engine, `fungraph-swept-c-${process.pid}`);
    await litter.make();
    const json = { Image: await base(engine, "debian"), Cmd: ["sleep", "600"] };
    const own = await engine.ask<{ Id: string }>({
      method: "POST",
      path: "/containers/create",
      json: { ...json, HostConfig: { NetworkMode: litter.stack } },
    });
    try {
      await engine.ask({ method: "POST", path: `/containers/${own.Id}/start` });
      await sweep(engine, litter.stack, litter.stack);
      expect(await litter.found()).toEqual(["data", "network"]);
    } finally {
      await engine.ask({ method: "DELETE", path: `/containers/${own.Id}?force=1` });
      await sweep(engine, litter.stack, litter.stack);
    }
    expect(await litter.found()).toEqual(["data"]);
  });
});
