/**
 * Decides how a clip becomes something every browser plays: which streams are taken, copied or encoded. Copying is
 * preferred, since it costs a hundredth of encoding and shows the very pictures of the original. Pure.
 */

import type { PreviewFailureCode } from './preview-result.ts';
import type { ProbeFacts, StreamFacts } from './probe-facts.ts';

export interface StreamPlan {
  readonly index: number;
  readonly how: 'copy' | 'encode';
}

export interface PlayablePlan {
  readonly name: 'playable.mp4' | 'playable.m4a';
  readonly mime: 'video/mp4' | 'audio/mp4';
  readonly video?: StreamPlan;
  readonly audio?: StreamPlan;
}

export type PlayableDecision =
  | { readonly kind: 'make'; readonly plan: PlayablePlan }
  | { readonly kind: 'picture' }
  | { readonly kind: 'none' }
  | { readonly kind: 'impossible'; readonly code: PreviewFailureCode };

export function decidePlayable(facts: ProbeFacts): PlayableDecision {
  if (facts.kind === 'picture') {
    return { kind: 'picture' };
  }
  if (facts.kind !== 'video' && facts.kind !== 'audio') {
    return { kind: 'none' };
  }
  if (facts.findings.includes('video-without-index') && facts.streams.length === 0) {
    return { kind: 'impossible', code: 'no-index' };
  }
  // A stream without size or rate was announced and never recorded, as at the start of a cut transport stream.
  const video = facts.streams.find(({ type, cover, width }) => type === 'video' && !cover && width !== undefined);
  const audio = facts.streams.find(({ type, sampleRate }) => type === 'audio' && sampleRate !== undefined);
  if (video === undefined && audio === undefined) {
    return { kind: 'impossible', code: 'unreadable' };
  }
  return {
    kind: 'make',
    plan: {
      ...(video === undefined
        ? { name: 'playable.m4a', mime: 'audio/mp4' }
        : { name: 'playable.mp4', mime: 'video/mp4', video: { index: video.index, how: howVideo(video) } }),
      ...(audio === undefined ? {} : { audio: { index: audio.index, how: audio.codec === 'aac' ? 'copy' : 'encode' } }),
    },
  };
}

/** When copying fails (a stream that contradicts its container), everything is encoded, once. */
export function encodeAll(plan: PlayablePlan): PlayablePlan | undefined {
  if (plan.video?.how !== 'copy' && plan.audio?.how !== 'copy') {
    return undefined;
  }
  return {
    ...plan,
    ...(plan.video === undefined ? {} : { video: { ...plan.video, how: 'encode' } }),
    ...(plan.audio === undefined ? {} : { audio: { ...plan.audio, how: 'encode' } }),
  };
}

/** Browsers play H.264 in 8-bit 4:2:0; the other pixel formats of the same codec they do not. */
function howVideo(stream: StreamFacts): 'copy' | 'encode' {
  const plain = stream.pixelFormat === 'yuv420p' || stream.pixelFormat === 'yuvj420p';
  return stream.codec === 'h264' && plain ? 'copy' : 'encode';
}
