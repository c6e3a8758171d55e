/** Counts the instances of functions where other processes start some too. */
export interface InstanceSlots {
  /** A slot, when the function has fewer than `most`; undefined when it has not. @param asks other processes to make room then */
  claim(functionKey: string, most: number, asks: boolean): Promise<string | undefined>;
  /** The instance of the slot is gone. */
  free(slot: string): void;
  /** Called when another process wants a slot of a function, and finds none. */
  onWanted(listener: (functionKey: string) => void): void;
}

/** One process alone: its own count is the whole. */
export const UNCOUNTED: InstanceSlots = {
  claim: () => Promise.resolve(""),
  free: () => undefined,
  onWanted: () => undefined,
};
