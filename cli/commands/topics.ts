import type { Argv, CommandModule } from "yargs";
import { type ConnectionOptions, withConnection } from "../connection/connect.ts";
import { withClient } from "../connection/with-client.ts";
import { UserError } from "../exit.ts";
import { note, print, printJson } from "../terminal/screen.ts";
import { renderTable } from "../terminal/table.ts";

interface ListOptions extends ConnectionOptions {
  json: boolean;
}

interface OneOptions extends ConnectionOptions {
  topic: string;
}

interface EndpointOptions extends OneOptions {
  subscriber: string;
}

interface MessageOptions extends OneOptions {
  message: string;
  subject: string;
}

/** `fungraph topics`: where results of asynchronous requests and messages are published, and who is told (guide 3.3.7). */
export const topicsCommand: CommandModule<object, ListOptions> = {
  command: "topics",
  describe: "Topics that results are published to, and who is told",
  builder: (yargs) =>
    withConnection(yargs)
      .option("json", { type: "boolean", default: false, describe: "Print JSON" })
      .command(createCommand)
      .command(deleteCommand)
      .command(subscribeCommand)
      .command(unsubscribeCommand)
      .command(publishCommand)
      .example("$0 topics", "all of the project, with their subscribers")
      .example("$0 topics create results", "make one")
      .example("$0 topics subscribe results resize", "tell a function; or an endpoint, by its URL"),
  handler: (options) =>
    withClient(options, async (client) => {
      const topics = [];
      for (const topic of await client.topics.list())
        topics.push({ ...topic, subscriptions: await client.topics.subscriptions(topic.name) });
      if (options.json) printJson(topics);
      else if (topics.length === 0) note("The project has no topics.");
      else
        print(
          renderTable(
            ["Topic", "URN", "Subscribers"],
            topics.map(({ name, urn, subscriptions }) => [
              name,
              urn,
              subscriptions.map(({ endpoint }) => endpoint).join(", "),
            ]),
          ),
        );
    }),
};

const createCommand: CommandModule<object, OneOptions> = {
  command: "create <topic>",
  describe: "Make a topic and print its URN",
  builder: (yargs) => withTopic(yargs),
  handler: (options) =>
    withClient(options, async (client) => print((await client.topics.create(options.topic)).urn)),
};

const deleteCommand: CommandModule<object, OneOptions> = {
  command: "delete <topic>",
  describe: "Delete a topic and its subscriptions",
  builder: (yargs) => withTopic(yargs),
  handler: (options) =>
    withClient(options, async (client) => {
      await client.topics.delete(options.topic);
      note(`The topic ${options.topic} is gone.`);
    }),
};

const subscribeCommand: CommandModule<object, EndpointOptions> = {
  command: "subscribe <topic> <subscriber>",
  describe: "Tell a function or an endpoint what is published",
  builder: (yargs) => withSubscriber(yargs),
  handler: (options) =>
    withClient(options, async (client) => {
      await client.topics.subscribe(options.topic, options.subscriber);
      note(`${options.subscriber} is told what is published to ${options.topic}.`);
    }),
};

const unsubscribeCommand: CommandModule<object, EndpointOptions> = {
  command: "unsubscribe <topic> <subscriber>",
  describe: "Tell it no more",
  builder: (yargs) => withSubscriber(yargs),
  handler: (options) =>
    withClient(options, async (client) => {
      const { topic, subscriber } = options;
      const found = (await client.topics.subscriptions(topic)).find(
        ({ endpoint }) => endpoint === subscriber,
      );
      if (found !== undefined) await client.topics.unsubscribe(topic, found.id);
      note(`${subscriber} is not told what is published to ${topic}.`);
    }),
};

const publishCommand: CommandModule<object, MessageOptions> = {
  command: "publish <topic> <message>",
  describe: "Tell all who are subscribed, and print the message's id",
  builder: (yargs) =>
    withTopic(yargs)
      .positional("message", { type: "string", demandOption: true, describe: "What they are told" })
      .option("subject", { type: "string", default: "", describe: "What it is about" }),
  handler: (options) =>
    withClient(options, async (client) => {
      const { topic, message, subject } = options;
      const found = (await client.topics.list()).find(({ name }) => name === topic);
      if (found === undefined)
        throw new UserError(
          `The project has no topic ${topic}. Make it with "fungraph topics create ${topic}".`,
        );
      print(await client.topics.publish(found.urn, message, subject));
    }),
};

function withTopic<T>(yargs: Argv<T>): Argv<T & OneOptions> {
  return withConnection(yargs).positional("topic", {
    type: "string",
    demandOption: true,
    describe: "Name of the topic",
  });
}

function withSubscriber<T>(yargs: Argv<T>): Argv<T & EndpointOptions> {
  return withTopic(yargs).positional("subscriber", {
    type: "string",
    demandOption: true,
    describe: "URN of a function, or an http or https URL",
  });
}
