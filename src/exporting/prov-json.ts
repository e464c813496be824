/** The bag's provenance for programs: W3C PROV-JSON, with opaque ids where the report has names. */

export interface ProvenanceClip {
  readonly clip: string;
  readonly file: string;
  /** Previews of it in the bag. */
  readonly derived: readonly string[];
  readonly sha256: string;
  readonly docking: string;
  readonly source: string;
  readonly dockedAt: string;
  readonly sealedAt: string;
}

export interface Provenance {
  readonly exportId: string;
  readonly station: string;
  readonly program: string;
  readonly requestedAt: string;
  readonly actor: string;
  readonly clips: readonly ProvenanceClip[];
}

/** @returns JSON text; times are ISO 8601 in UTC */
export function provJson({ exportId, station, program, requestedAt, actor, clips }: Provenance): string {
  const entity: Record<string, object> = {};
  const activity: Record<string, object> = {};
  const used: Record<string, object> = {};
  const generated: Record<string, object> = {};
  const associated: Record<string, object> = {};
  const derivations: Record<string, object> = {};
  const exporting = `ev:${exportId}`;
  const software = `ev:${station}`;
  activity[exporting] = { 'prov:type': 'ev:export', 'prov:startTime': requestedAt };
  associated['_:export'] = { 'prov:activity': exporting, 'prov:agent': `ev:${encodeURIComponent(actor)}` };
  for (const { clip, file, derived, sha256, docking, source, dockedAt, sealedAt } of clips) {
    const id = `ev:${clip}`;
    const medium = `ev:${encodeURIComponent(source)}`;
    const visit = `ev:${docking}`;
    entity[id] = { 'prov:type': 'ev:original', 'ev:file': file, 'ev:sha256': sha256 };
    entity[medium] = { 'prov:type': 'ev:medium' };
    activity[visit] = { 'prov:type': 'ev:docking', 'prov:startTime': dockedAt };
    for (const path of derived) {
      const preview = `ev:${encodeURIComponent(path)}`;
      entity[preview] = { 'prov:type': 'ev:preview', 'ev:file': path };
      derivations[`_:${path}`] = { 'prov:generatedEntity': preview, 'prov:usedEntity': id };
    }
    used[`_:${clip}-medium`] = { 'prov:activity': visit, 'prov:entity': medium };
    used[`_:${clip}-export`] = { 'prov:activity': exporting, 'prov:entity': id };
    generated[`_:${clip}`] = { 'prov:entity': id, 'prov:activity': visit, 'prov:time': sealedAt };
    associated[`_:${docking}`] = { 'prov:activity': visit, 'prov:agent': software };
  }
  const document = {
    prefix: { ev: 'urn:evidock:' },
    entity,
    activity,
    agent: {
      [software]: { 'prov:type': 'prov:SoftwareAgent', 'ev:program': program },
      [`ev:${encodeURIComponent(actor)}`]: { 'prov:type': 'ev:account' },
    },
    used,
    wasGeneratedBy: generated,
    ...(Object.keys(derivations).length > 0 ? { wasDerivedFrom: derivations } : {}),
    wasAssociatedWith: associated,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
