/** What the dock's helper said in its own words, as the slot says it: each with what to do now. */
import type { HelperProblem } from '../domain/helper-problem.ts';
import { type Codes, pair } from './code-text.ts';

export const helperProblems: Codes<HelperProblem> = {
  'helper-already-mounted': pair(
    '存储卡已被别的程序打开。',
    '拔出后重新插入；仍不行就联系管理员关闭系统的自动挂载。',
    'Another program has opened the card.',
    'Plug it in again; if it recurs, have the automatic mounting of the system turned off.',
  ),
  'helper-authorise-failed': pair(
    '系统不允许启用这台设备。',
    '重新插入；仍不行就联系管理员。',
    'The system does not let this device in.',
    'Plug it in again; if it recurs, call the administrator.',
  ),
  'helper-bind-failed': pair(
    '系统未能驱动这台设备。',
    '重新插入，或换采集口。',
    'The system found no way to drive it.',
    'Plug it in again, or try another slot.',
  ),
  'helper-busy': pair(
    '上一次操作尚未结束。',
    '等一分钟后重新插入。',
    'The last request has not ended yet.',
    'Wait a minute, then plug it in again.',
  ),
  'helper-class-refused': pair(
    '设备的这个接口不允许启用。',
    '请拔出，并向管理员说明。',
    'This interface of the device may not be used.',
    'Take it out, and tell the administrator.',
  ),
  'helper-device-changed': pair(
    '采集口上换了一台设备。',
    '重新插入要采集的记录仪。',
    'Another device took its place.',
    'Plug in the recorder that is to be read.',
  ),
  'helper-device-failed': pair(
    '存储卡没有响应。',
    '重新插入；仍不行就换卡槽或保留存储卡并报告。',
    'The card does not answer.',
    'Plug it in again; if it recurs, keep the card and report it.',
  ),
  'helper-device-gone': pair(
    '记录仪中途断开。',
    '重新插入，已固定的不会重复采集。',
    'The recorder went away.',
    'Plug it in again; it goes on.',
  ),
  'helper-driver-missing': pair(
    '系统缺少存储驱动。',
    '请管理员加载 usb-storage 与文件系统模块。',
    'The system lacks the driver for storage.',
    'Have the modules usb-storage and of the file system loaded.',
  ),
  'helper-driver-unexpected': pair(
    '设备被别的驱动占用。',
    '拔出后重新插入；仍不行就联系管理员。',
    'Another driver holds the device.',
    'Plug it in again; if it recurs, call the administrator.',
  ),
  'helper-flush-failed': pair(
    '存储卡未能写完最后的改动。',
    '请勿使用该卡，联系管理员。',
    'The last changes may not be on the card.',
    'Do not use the card; call the administrator.',
  ),
  'helper-limit': pair(
    '同时打开的存储卡太多。',
    '等其他采集口完成后重新插入。',
    'Too many cards are open at once.',
    'Wait for another slot to end, then plug it in again.',
  ),
  'helper-mount-failed': pair(
    '存储卡的文件系统打不开。',
    '重新插入；仍不行就保留存储卡并报告。',
    "The card's file system cannot be opened.",
    'Plug it in again; if it recurs, keep the card and report it.',
  ),
  'helper-mounted-writable': pair(
    '存储卡正以可写方式打开，未读取。',
    '拔出后重新插入；仍不行就联系管理员。',
    'The card is open for writing and was not read.',
    'Plug it in again; if it recurs, call the administrator.',
  ),
  'helper-mounts-unreadable': pair(
    '系统的挂载表读不出来。',
    '联系管理员。',
    'The list of mounts cannot be read.',
    'Call the administrator.',
  ),
  'helper-not-calibrated': pair(
    '特权助手的清单里没有这个采集口。',
    '请管理员按 evidock slots --sockets 更新助手的接口清单。',
    "The helper's list lacks this slot.",
    'Have its list of sockets renewed from "evidock slots --sockets".',
  ),
  'helper-not-read-only': pair(
    '存储卡不是只读状态，未读取。',
    '重新插入；仍不行就联系管理员。',
    'The card is not read-only and was not read.',
    'Plug it in again; if it recurs, call the administrator.',
  ),
  'helper-not-usb': pair(
    '这不是 USB 采集口上的设备。',
    '请拔出，并向管理员说明。',
    'This is no device of the USB dock.',
    'Take it out, and tell the administrator.',
  ),
  'helper-peer-refused': pair(
    '特权助手不认本采集站的用户。',
    '请管理员核对助手的 --uid。',
    "The helper does not know this station's user.",
    "Have the helper's --uid checked.",
  ),
  'helper-read-back-differs': pair(
    '存储卡未能确认为只读，未读取。',
    '重新插入；仍不行就联系管理员。',
    'The card was not confirmed read-only and was not read.',
    'Plug it in again; if it recurs, call the administrator.',
  ),
  'helper-scsi-failed': pair(
    '记录仪没有正确应答。',
    '重启记录仪后重新插入。',
    'The recorder did not answer rightly.',
    'Restart it and plug it in again.',
  ),
  'helper-unmount-failed': pair(
    '存储卡未能卸下。',
    '请勿拔出；稍候会再试，一直如此就联系管理员。',
    'The card could not be let go.',
    'Do not pull it out; it is tried again. If it lasts, call the administrator.',
  ),
  'helper-version': pair(
    '特权助手与采集站版本不符。',
    '请管理员重新安装助手：scripts/build-native。',
    'Helper and station are of different versions.',
    'Have the helper installed anew: scripts/build-native.',
  ),
};
