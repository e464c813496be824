/** The retention rules of the configuration as the policy reads them, and what a schema cannot say of them. */
import { readPeriod } from '../domain/retention-period.ts';
import type { RetentionRule } from '../domain/retention-policy.ts';
import type { KeepingConfig } from './schema.ts';
import type { SchemaTrouble } from './schema-troubles.ts';

/** @throws Error when the configuration was not checked */
export function retentionRules({ rules }: Pick<KeepingConfig, 'rules'>): RetentionRule[] {
  return rules.map((rule) => {
    const period = readPeriod(rule.keep);
    if (period === undefined) throw new Error(`the retention rule ${rule.id} has no period`);
    return {
      id: rule.id,
      title: rule.title,
      clause: rule.clause ?? '',
      case: rule.case ?? 'any',
      caseKinds: rule.caseKinds ?? [],
      important: rule.important ?? 'any',
      categories: rule.categories ?? [],
      kinds: rule.kinds ?? [],
      period,
    };
  });
}

export function findKeepingTroubles({ rules, categories }: KeepingConfig): SchemaTrouble[] {
  const known = new Set(categories.map(({ id }) => id));
  return [
    ...repeated('rules', rules),
    ...repeated('categories', categories),
    ...rules.flatMap(({ keep }, index) =>
      readPeriod(keep) === undefined
        ? [{ path: ['keeping', 'rules', index, 'keep'], message: `${keep} is longer than a thousand years` }]
        : [],
    ),
    ...rules.flatMap((rule, index) => {
      const unknown = (rule.categories ?? []).find((id) => !known.has(id));
      if (unknown === undefined) return [];
      return [
        {
          path: ['keeping', 'rules', index, 'categories'],
          message: `there is no category ${unknown} in keeping.categories`,
        },
      ];
    }),
  ];
}

function repeated(key: string, entries: readonly { readonly id: string }[]): SchemaTrouble[] {
  return entries.flatMap(({ id }, index) =>
    entries.findIndex((other) => other.id === id) === index
      ? []
      : [{ path: ['keeping', key, index, 'id'], message: `the id ${id} occurs twice` }],
  );
}
