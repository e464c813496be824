/** `evidock config`: the effective configuration, or what every key means. */
import { jsonOption } from './call-words.ts';
import { type AloneCommand, exitCodes } from './command.ts';

export const configCommand: AloneCommand = {
  runs: 'alone',
  needsFolder: false,
  name: 'config',
  summary: '输出生效的配置，或各项说明 / print the effective configuration, or what each key means',
  usage: 'evidock config [--data DIR] [--config FILE] [--keys] [--json]',
  options: {
    keys: { type: 'boolean', help: '列出每一项：单位、默认值、范围 / list each key with unit, default and range' },
    json: jsonOption,
  },
  positionals: [],
  exits: '0 done, 78 the configuration is not right',
  async run({ configuration }, call, io) {
    const { describeConfiguration, effectiveConfiguration } = await import('../config/describe-configuration.ts');
    const json = call.values.json === true;
    if (call.values.keys !== true) {
      io.out(json ? JSON.stringify(configuration, null, 2) : effectiveConfiguration(configuration).trimEnd());
      return exitCodes.done;
    }
    const keys = describeConfiguration();
    if (json) io.out(JSON.stringify(keys, null, 2));
    else {
      for (const { key, unit, default: standard, allowed, description } of keys) {
        io.out(`${key}${unit === undefined ? '' : ` [${unit}]`}\n    ${description}`);
        io.out(`    ${allowed === undefined ? '' : `${allowed}; `}default ${JSON.stringify(standard)}`);
      }
    }
    return exitCodes.done;
  },
};
