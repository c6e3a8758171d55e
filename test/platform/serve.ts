// A platform in a process of its own, so that a test can kill it: prints its facts as one line of JSON, closes on SIGTERM
// and when the test is gone (standard input ends).
import { startPlatform, type PlatformConfig } from "../../platform/main.ts";

const platform = await startPlatform(JSON.parse(process.argv[2] ?? "{}") as PlatformConfig);
process.stdout.write(`${JSON.stringify(platform)}\n`);
process.stdin.resume().once("end", stop);
process.once("SIGTERM", stop);

function stop(): void {
  platform.close().then(
    () => process.exit(0),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    },
  );
}
