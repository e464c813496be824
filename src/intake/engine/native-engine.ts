/**
 * The native copy engine behind its contract. Everything heavy happens on the addon's own threads; this side checks
 * the request, follows the job and names how the copy was read back.
 */
import type { CopyEngine } from '../../domain/copy-engine.ts';
import { followJob } from './engine-job.ts';
import { assertAbsolute, assertCopyRequest, assertHashRequest, sourceText } from './engine-request.ts';
import { loadNativeAddon } from './native-addon.ts';

/** @throws StationError `engine-not-built` when the addon is missing. */
export function createNativeEngine(): CopyEngine {
  const addon = loadNativeAddon();
  return {
    name: 'native',
    async copy(request, control) {
      assertCopyRequest(request);
      const subject = { path: sourceText(request.source), side: 'source' } as const;
      const result = await followJob(() => addon.copy(request), subject, control);
      return { ...result, readBack: request.readBack };
    },
    async hash(request, control) {
      assertHashRequest(request);
      const subject = { path: sourceText(request.source), side: 'source' } as const;
      return await followJob(() => addon.hash(request), subject, control);
    },
    async probeReadBack(folder) {
      assertAbsolute('folder', folder);
      return await followJob(() => addon.probeReadBack(folder), { path: folder, side: 'target' });
    },
  };
}
