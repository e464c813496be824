/**
 * What each finding of fsck means, for people: one sentence a code, in both languages. A code without its sentence is
 * a type error. File, clip and detail stand beside it in print.
 */
import type { StoreFindingCode } from '../domain/findings.ts';
import type { Language } from './cli-texts.ts';

export const findingTexts: { readonly [C in StoreFindingCode]: { readonly [L in Language]: string } } = {
  'original-altered': {
    zh: '原始数据与固定时不一致。',
    en: 'The original is not what was sealed.',
  },
  'original-missing': { zh: '已固定的原始数据缺失。', en: 'A sealed original is missing.' },
  'original-unknown': {
    zh: '证据库中有未经记录的文件。',
    en: 'No record speaks of this file among the originals.',
  },
  'mirror-away': { zh: '镜像不在线，未能核验。', en: 'The mirror is away, so it was not checked.' },
  'original-not-deleted': {
    zh: '依规删除已记录为执行，但该原始数据仍在。',
    en: 'Its lawful deletion is recorded as carried out, and it is still there.',
  },
  'document-not-erased': {
    zh: '依规删除已记录为执行，但该文书未被覆盖。',
    en: 'Its lawful deletion is recorded as carried out, and the document is still there.',
  },
  'original-unreadable': { zh: '原始数据无法读取。', en: 'The original cannot be read.' },
  'blocks-altered': {
    zh: '分块摘要文件被改动；原始数据另行核验。',
    en: 'The file of block hashes was altered; the original is judged apart from it.',
  },
  'blocks-missing': { zh: '分块摘要文件缺失。', en: 'The file of block hashes is missing.' },
  'record-altered': { zh: '存证日志中的记录被改动。', en: 'A record is not what was recorded.' },
  'record-missing': { zh: '存证日志中的记录缺失。', en: 'A record is missing.' },
  'record-invalid': {
    zh: '记录不符合格式、次序或签名要求。',
    en: 'A record breaks the form, the order or the signature that records have.',
  },
  'document-altered': { zh: '文书被改动。', en: 'A document is not what its record names.' },
  'document-missing': { zh: '记录所引的文书缺失。', en: 'A document that a record names is missing.' },
  'document-unknown': { zh: '有任何记录都未引用的文书。', en: 'No record names this document.' },
  'tile-altered': { zh: '树块文件被改动。', en: 'A tile of the tree was altered.' },
  'tile-missing': { zh: '树块文件缺失。', en: 'A tile of the tree is missing.' },
  'checkpoint-altered': {
    zh: '校验点被改动或签名不符。',
    en: 'The checkpoint was altered, or its signature is wrong.',
  },
  'checkpoint-missing': { zh: '校验点缺失。', en: 'The checkpoint is missing.' },
  'stamp-altered': {
    zh: '校验点的时间戳或国密签名被改动。',
    en: 'A time stamp or the SM2 signature over a checkpoint was altered.',
  },
  'tree-differs': {
    zh: '现有记录与已签名的校验点不符：日志可能被改写。',
    en: 'The records are not those that the checkpoint was signed over: the ledger may have been rewritten.',
  },
  'key-altered': { zh: '公钥文件被改动。', en: 'A public key was altered.' },
  'key-missing': { zh: '公钥文件缺失。', en: 'A public key is missing.' },
  'registry-missing': {
    zh: '登记库缺失；可用 evidock rebuild 重建。',
    en: 'The registry is missing; "evidock rebuild" makes it anew.',
  },
  'registry-unreadable': {
    zh: '登记库已损坏；可用 evidock rebuild 重建。',
    en: 'The registry is damaged; "evidock rebuild" makes it anew.',
  },
  'registry-differs': {
    zh: '登记库与存证日志不一致。',
    en: 'The registry does not say what the ledger says.',
  },
  'coverage-cache-unreadable': {
    zh: '配置率缓存已损坏；它由登记库派生，停止本站后可删除 coverage 目录，查询时自动重建。',
    en: 'The coverage cache is damaged. It is derived: with the station stopped the folder "coverage" may be removed, and is made anew when somebody asks.',
  },
  'coverage-cache-differs': {
    zh: '配置率缓存与登记库不一致；它由登记库派生，停止本站后可删除 coverage 目录，查询时自动重建。',
    en: 'The coverage cache does not say what the registry says. It is derived: with the station stopped the folder "coverage" may be removed, and is made anew when somebody asks.',
  },
  'unexpected-file': { zh: '有不应存在的文件。', en: 'This file does not belong here.' },
};
