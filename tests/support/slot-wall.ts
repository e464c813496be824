/** What a running station's slot wall shows, as any page gets it: the first live event is the whole wall. */

/** As much of a card of the slot wall as a test needs. */
export interface WallCard {
  readonly state: string;
  readonly mayPull: boolean;
  readonly texts: { readonly number: string; readonly serial: string; readonly note: string };
}

/** Events come every few seconds; emulated guests are slow. */
const wallMsMax = 20_000;

export interface SeenWall {
  readonly cards: readonly WallCard[];
  /** One sentence for each dock that cannot be looked at. */
  readonly troubles: readonly string[];
}

const nothing: SeenWall = { cards: [], troubles: [] };

/** Without a card while it cannot be had. */
export async function readSlotWall(port: number): Promise<SeenWall> {
  const stop = AbortSignal.timeout(wallMsMax);
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/events/slots`, { signal: stop });
    const decoder = new TextDecoder();
    let text = '';
    for await (const chunk of answer.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      const event = /^data: ?(.+)\n\n/mu.exec(text)?.[1];
      if (event !== undefined) return JSON.parse(event) as SeenWall;
    }
    return nothing;
  } catch {
    return nothing;
  }
}
