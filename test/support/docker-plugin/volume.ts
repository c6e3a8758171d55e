import { type DockerResource, engine, labelsOf, unlessGone } from "./resource.ts";

/** As the plugin's own: one that is there already is taken. */
export const volume: DockerResource = {
  updatable: [],

  async create(inputs) {
    const { driver = "local", driverOpts = {} } = inputs;
    const json = { Name: inputs["name"], Driver: driver, DriverOpts: driverOpts, Labels: labelsOf(inputs) };
    const { Name } = await engine.ask<{ Name: string }>({ method: "POST", path: "/volumes/create", json });
    return Name;
  },

  async read(id) {
    return (await unlessGone(engine.ask({ method: "GET", path: `/volumes/${id}` }))) && {};
  },

  update: () => Promise.resolve(),

  async delete(id) {
    await unlessGone(engine.ask({ method: "DELETE", path: `/volumes/${id}` }));
  },
};
