import { afterAll, describe, expect, test } from "vitest";
import { LABEL } from "../../platform/drivers/docker/container-plan.ts";
import { Engine, type Question } from "../../platform/drivers/docker/engine.ts";
import { fontVolume } from "../../platform/drivers/docker/fonts.ts";
import { removeOrphans } from "../../platform/drivers/docker/orphans.ts";
import { base } from "../images/bases.ts";
import { noEngine } from "../images/engine.ts";

const missing = await noEngine();
if (missing !== undefined) console.log(`fonts of containers are not tested: ${missing}`);

/** Removes no container, as one that is killed before. */
class CutEngine extends Engine {
  override async ask<T = undefined>(question: Question): Promise<T> {
    if (question.method === "DELETE") throw new Error("killed");
    return super.ask<T>(question);
  }
}

describe.skipIf(missing !== undefined)("the volume with fonts", { timeout: 120_000 }, () => {
  const engine = new Engine();
  afterAll(() => engine.close());

  test("is filled by a container that the next start removes where its maker was killed", async () => {
    const home = `fonts-${process.pid}`;
    const labels = { [LABEL.home]: home, [LABEL.owner]: "0-0.x", [LABEL.stack]: `fungraph-${home}` };
    const id = await base(engine, "debian");
    const cut = new CutEngine();
    await expect(fontVolume(cut, { id, name: id }, labels)).rejects.toThrow("killed");
    cut.close();
    expect(await containers()).toHaveLength(1);
    await removeOrphans(engine, home, { lives: () => false, houses: () => false });
    expect(await containers()).toEqual([]);
    const volume = await fontVolume(engine, { id, name: id }, labels);
    expect(await containers()).toEqual([]);
    await engine.ask({ method: "DELETE", path: `/volumes/${volume ?? ""}` });

    function containers(): Promise<unknown[]> {
      const filters = encodeURIComponent(JSON.stringify({ label: [`${LABEL.home}=${home}`] }));
      return engine.ask<unknown[]>({ method: "GET", path: `/containers/json?all=1&filters=${filters}` });
    }
  });
});
