/** Words of the forms that are handed in about recorders, as the local rules lay them out: Chinese first and English. */
import type { Language } from './cli-texts.ts';

export interface FormTexts {
  readonly number: string;
  readonly unitSeal: string;
  readonly unitLine: (unit: string) => string;
  readonly allUnits: string;
  readonly dayLine: (day: string) => string;
  readonly periodLine: (from: string, until: string) => string;
  readonly monthLine: (month: string) => string;
  readonly ruleLine: (title: string, clause: string) => string;
  readonly made: (station: string, time: string) => string;
  readonly rectification: {
    readonly columns: readonly [string, string, string, string, string, string, string];
    /** 存在问题: one of the list of Annex 2; a missing recorder is none of the named ones. */
    readonly problem: string;
    readonly wording: (
      who: string,
      certificateNo: string,
      reason: string,
      since: string | null,
      clause: string,
    ) => string;
    readonly overdue: (days: number) => string;
    readonly signatures: readonly string[];
  };
  readonly lookBack: {
    readonly columns: readonly [string, string, string, string, string, string, string, string];
    readonly aspect: string;
    /** `since` null: since before the first roster. */
    readonly wording: (who: string, certificateNo: string, since: string | null, reason: string) => string;
    readonly closed: (day: string) => string;
    readonly left: (day: string, reason: string) => string;
    readonly open: (reason: string) => string;
    readonly yes: string;
    readonly no: string;
    readonly rebound: (opened: string, closed: string | null) => string;
    readonly reboundLeft: (opened: string, left: string, reason: string) => string;
    readonly filledInOn: (day: string) => string;
    readonly signatures: readonly string[];
  };
  readonly lengths: {
    readonly unknown: string;
    readonly belowMinute: string;
    readonly minutes: (minutes: number) => string;
    readonly atLeast: (minutes: number) => string;
    /** `words`: one of those above. */
    readonly said: (words: string) => string;
    readonly unknownOf: (files: number) => string;
  };
  readonly use: {
    readonly title: string;
    readonly columns: readonly string[];
    readonly notDocked: string;
    readonly stillOut: string;
    readonly interrupted: (count: number) => string;
    readonly unknownUser: string;
    /** `length` null: files that have none, such as pictures. */
    readonly clips: (count: number, length: string | null) => string;
    readonly signatures: readonly string[];
    readonly note: string;
  };
  readonly person: {
    readonly title: string;
    readonly registerTitle: string;
    readonly registerColumns: readonly string[];
    readonly facts: string;
    readonly factColumns: readonly [string, string];
    readonly certificates: string;
    readonly certificateColumns: readonly string[];
    readonly assignments: string;
    readonly assignmentColumns: readonly string[];
    readonly open: string;
    readonly modes: { readonly personal: string; readonly shared: string };
    readonly statuses: {
      readonly valid: string;
      readonly suspended: string;
      readonly withdrawn: string;
      readonly cancelled: string;
    };
    readonly use: string;
    readonly fields: { readonly [field in 'name' | 'certificateNo' | 'unit' | 'post' | 'duty' | 'validUntil']: string };
    readonly onDuty: string;
    readonly offDuty: string;
    readonly signatures: readonly string[];
  };
  readonly budget: {
    readonly title: string;
    readonly columns: readonly string[];
    readonly total: string;
    readonly spare: (rate: string) => string;
    readonly repair: (days: number) => string;
    readonly price: (yuan: string) => string;
    readonly noPrice: string;
    readonly clauses: (clauses: string) => string;
    readonly signatures: readonly string[];
  };
}

export const formTexts: { readonly [L in Language]: FormTexts } = {
  zh: {
    number: '序号',
    unitSeal: '单位（公章）：',
    unitLine: (unit) => `填报单位（盖章）：${unit}`,
    allUnits: '全部单位',
    dayLine: (day) => `统计日期：${day}`,
    periodLine: (from, until) => `期间：${from} 至 ${until}`,
    monthLine: (month) => `月份：${month}`,
    ruleLine: (title, clause) => `统计口径：${title}（${clause}）`,
    made: (station, time) => `${station} · 生成于 ${time}`,
    rectification: {
      columns: ['序号', '存在问题', '具体表现', '整改措施', '责任部门（人）', '整改时限', '备注'],
      problem: '其他问题',
      wording: (who, certificateNo, reason, since, clause) =>
        `执法人员${who}（执法证号 ${certificateNo}）未配备执法记录仪：${reason}${since === null ? '' : `，自 ${since} 起`}（${clause}）。`,
      overdue: (days) => `已逾期 ${days} 天`,
      signatures: ['单位（公章）：', '日期：', '填报人：'],
    },
    lookBack: {
      columns: [
        '序号',
        '问题方面',
        '问题表现',
        '整改完成情况',
        '是否取得预期成效',
        '是否出现反弹',
        '反弹问题整改措施和完成情况',
        '责任人签字',
      ],
      aspect: '其他问题（执法记录仪配备）',
      wording: (who, certificateNo, since, reason) =>
        `执法人员${who}（执法证号 ${certificateNo}）${since === null ? '自首次导入名册以前' : `自 ${since} 起`}未配备执法记录仪：${reason}。`,
      closed: (day) => `已完成：${day} 配备到位`,
      left: (day, reason) => `${day} 起不再统计：${reason}`,
      open: (reason) => `未完成：${reason}`,
      yes: '是',
      no: '否',
      rebound: (opened, closed) =>
        `${opened} 再次缺配；${closed === null ? '尚未整改到位' : `${closed} 重新配备到位`}。`,
      reboundLeft: (opened, left, reason) => `${opened} 再次缺配；${left} 起不再统计：${reason}。`,
      filledInOn: (day) => `填报时间：${day}`,
      signatures: ['审核人：', '联系人：', '联系电话：'],
    },
    lengths: {
      unknown: '未知',
      belowMinute: '不足 1 分钟',
      minutes: (minutes) => `共 ${minutes} 分钟`,
      atLeast: (minutes) => `至少 ${minutes} 分钟`,
      said: (words) => `时长${words}`,
      unknownOf: (files) => `（其中 ${files} 个文件时长未知）`,
    },
    use: {
      title: '执法记录仪使用台账',
      columns: [
        '序号',
        '记录仪编号',
        '使用人',
        '执法证号',
        '单位',
        '领用时间',
        '交还/接入时间',
        '录制起',
        '录制止',
        '文件数',
        '时长（分钟）',
        '记录内容（案件）',
        '备注',
        '签字',
      ],
      notDocked: '未接入采集站',
      stillOut: '尚未交还',
      interrupted: (count) => `${count} 段录制中断`,
      unknownUser: '（未认定）',
      clips: (count, length) => `${count} 个文件${length === null ? '' : `，${length}`}`,
      signatures: ['单位（公章）：', '管理员：', '填报日期：'],
      note: '使用人按领用登记、认领和配发认定；录制时间为记录仪自身时钟所记。',
    },
    person: {
      title: '执法人员记录仪档案（一人一档）',
      registerTitle: '执法人员记录仪档案目录',
      registerColumns: [
        '序号',
        '姓名',
        '执法证号',
        '单位',
        '岗位',
        '证件状态',
        '有效期至',
        '配发记录仪',
        '配发方式',
        '配发起始',
        '本月领用',
        '本月接入',
        '文件数',
        '时长（分钟）',
      ],
      facts: '基本情况',
      factColumns: ['项目', '内容'],
      certificates: '证件与岗位变动',
      certificateColumns: ['生效日期', '执法证号', '单位', '岗位', '在岗', '证件状态', '有效期至'],
      assignments: '配发记录',
      assignmentColumns: ['记录仪编号', '方式', '起始', '截止'],
      open: '至今',
      modes: { personal: '专配', shared: '公用' },
      statuses: { valid: '有效', suspended: '暂扣', withdrawn: '收回', cancelled: '注销' },
      use: '领用、接入与视音频文件',
      fields: {
        name: '姓名',
        certificateNo: '执法证号',
        unit: '单位',
        post: '岗位',
        duty: '在岗',
        validUntil: '有效期至',
      },
      onDuty: '是',
      offDuty: '否',
      signatures: ['单位（公章）：', '本人签字：', '管理员：', '日期：'],
    },
    budget: {
      title: '执法记录仪缺口测算表',
      columns: ['序号', '单位', '缺口', '库存可调配', '维修可返还', '备用', '需购置', '金额（元）'],
      total: '合计',
      spare: (rate) => `备用率 ${rate}，向上取整。`,
      repair: (days) => `维修按 ${days} 天返还计。`,
      price: (yuan) => `单价 ${yuan} 元。`,
      noPrice: '未设定单价（coverage.recorderPriceYuan），金额未测算。',
      clauses: (clauses) => `依据：${clauses}`,
      signatures: ['单位（公章）：', '负责人：', '财务部门：', '编制人：', '日期：'],
    },
  },
  en: {
    number: 'No.',
    unitSeal: 'Unit (seal):',
    unitLine: (unit) => `Unit (seal): ${unit}`,
    allUnits: 'all units',
    dayLine: (day) => `As of ${day}`,
    periodLine: (from, until) => `From ${from} to ${until}`,
    monthLine: (month) => `Month: ${month}`,
    ruleLine: (title, clause) => `Profile: ${title} (${clause})`,
    made: (station, time) => `${station} · made ${time}`,
    rectification: {
      columns: ['No.', 'Problem', 'How it shows', 'Measure', 'Responsible', 'Due on', 'Remarks'],
      problem: 'Other problems',
      wording: (who, certificateNo, reason, since, clause) =>
        `Officer ${who} (certificate ${certificateNo}) has no recorder: ${reason}${since === null ? '' : `, since ${since}`} (${clause}).`,
      overdue: (days) => `${days} days overdue`,
      signatures: ['Unit (seal):', 'Date:', 'Filled in by:'],
    },
    lookBack: {
      columns: [
        'No.',
        'Aspect',
        'How it showed',
        'Rectified',
        'Expected effect reached',
        'Rebound',
        'Measures on the rebound, and how far',
        'Signature',
      ],
      aspect: 'Other problems (recorders)',
      wording: (who, certificateNo, since, reason) =>
        `Officer ${who} (certificate ${certificateNo}) had no recorder ${since === null ? 'since before the first roster' : `from ${since} on`}: ${reason}.`,
      closed: (day) => `Done: recorder since ${day}`,
      left: (day, reason) => `Not counted since ${day}: ${reason}`,
      open: (reason) => `Not done: ${reason}`,
      yes: 'Yes',
      no: 'No',
      rebound: (opened, closed) =>
        `Open again on ${opened}; ${closed === null ? 'not yet closed' : `closed on ${closed}`}.`,
      reboundLeft: (opened, left, reason) => `Open again on ${opened}; not counted since ${left}: ${reason}.`,
      filledInOn: (day) => `Filled in on ${day}`,
      signatures: ['Checked by:', 'Contact:', 'Telephone:'],
    },
    lengths: {
      unknown: 'not known',
      belowMinute: 'below 1 minute',
      minutes: (minutes) => `${minutes} minutes`,
      atLeast: (minutes) => `at least ${minutes} min`,
      said: (words) => `length ${words}`,
      unknownOf: (files) => ` (files of which it is not known: ${files})`,
    },
    use: {
      title: 'Register of recorder use',
      columns: [
        'No.',
        'Recorder',
        'User',
        'Certificate',
        'Unit',
        'Handed out',
        'Returned / docked',
        'Recorded from',
        'Recorded until',
        'Files',
        'Minutes',
        'Content (cases)',
        'Remarks',
        'Signature',
      ],
      notDocked: 'not docked',
      stillOut: 'still out',
      interrupted: (count) => `${count} recordings interrupted`,
      unknownUser: '(not known)',
      clips: (count, length) => `${count} files${length === null ? '' : `, ${length}`}`,
      signatures: ['Unit (seal):', 'Administrator:', 'Date:'],
      note: "Users follow from check-outs, claims and assignments; recording times are those of the recorder's own clock.",
    },
    person: {
      title: 'Recorder file of an officer',
      registerTitle: 'Recorder files of officers',
      registerColumns: [
        'No.',
        'Name',
        'Certificate',
        'Unit',
        'Post',
        'Status',
        'Valid until',
        'Recorder',
        'Kind',
        'Since',
        'Check-outs',
        'Dockings',
        'Files',
        'Minutes',
      ],
      facts: 'The officer',
      factColumns: ['Item', 'Content'],
      certificates: 'Certificate and post over time',
      certificateColumns: ['From', 'Certificate', 'Unit', 'Post', 'On duty', 'Status', 'Valid until'],
      assignments: 'Assignments',
      assignmentColumns: ['Recorder', 'Kind', 'From', 'Until'],
      open: 'open',
      modes: { personal: 'personal', shared: 'shared' },
      statuses: { valid: 'valid', suspended: 'suspended', withdrawn: 'withdrawn', cancelled: 'cancelled' },
      use: 'Check-outs, dockings and files',
      fields: {
        name: 'Name',
        certificateNo: 'Certificate',
        unit: 'Unit',
        post: 'Post',
        duty: 'On duty',
        validUntil: 'Valid until',
      },
      onDuty: 'yes',
      offDuty: 'no',
      signatures: ['Unit (seal):', 'Officer:', 'Administrator:', 'Date:'],
    },
    budget: {
      title: 'Recorders to buy',
      columns: ['No.', 'Unit', 'Gap', 'From stock', 'Back from repair', 'Spare', 'To buy', 'Cost (CNY)'],
      total: 'Total',
      spare: (rate) => `Spare rate ${rate}, rounded up.`,
      repair: (days) => `A repair is taken to last ${days} days.`,
      price: (yuan) => `Unit price ${yuan} CNY.`,
      noPrice: 'No unit price is configured (coverage.recorderPriceYuan): no cost is worked out.',
      clauses: (clauses) => `Clauses: ${clauses}`,
      signatures: ['Unit (seal):', 'Head:', 'Finance office:', 'Made by:', 'Date:'],
    },
  },
};
