import { offsetAt } from "../../model/time-zone.ts";
import type { TimerEventData } from "../../model/trigger.ts";

/** The event of a TIMER trigger that fires for the time `at` (epoch ms), in the words of the guide (3.5.2). */
export function timerEvent(data: TimerEventData, at: number, timeZone: string): Buffer {
  return Buffer.from(
    JSON.stringify({
      version: "v1.0",
      time: localTime(at, timeZone),
      trigger_type: "TIMER",
      trigger_name: data.name,
      user_event: data.user_event ?? "",
    }),
  );
}

/** `2024-01-02T08:30:00+08:00` */
function localTime(at: number, timeZone: string): string {
  const offset = offsetAt(at, timeZone);
  const minutes = Math.abs(Math.round(offset / 60_000));
  const clock = new Date(at + offset).toISOString().slice(0, 19);
  return `${clock}${offset < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
