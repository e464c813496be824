/**
 * A time stamping authority on loopback: `openssl ts -reply` behind HTTP, with a certificate authority of its own. It
 * can be told to be silent or to answer a question that nobody asked.
 */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';

export interface TimeStampingAuthority {
  readonly url: string;
  readonly caFile: string;
  /** How many questions came. */
  readonly asked: number;
  mode: 'good' | 'silent' | 'replay';
  end(): Promise<void>;
}

const openssl = (folder: string, words: readonly string[]): Buffer =>
  execFileSync('openssl', [...words], { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] });

const configuration = `[ tsa ]
default_tsa = main
[ main ]
serial = serial
crypto_device = builtin
signer_cert = tsa.pem
certs = ca.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512, sm3
accuracy = secs:1
ess_cert_id_alg = sha256
`;

export async function startTimeStampingAuthority(folder: string): Promise<TimeStampingAuthority> {
  mkdirSync(folder);
  makeCertificates(folder);
  let first: Buffer | undefined;
  const authority = { mode: 'good' as TimeStampingAuthority['mode'], asked: 0 };
  const server = createServer(async (request, response) => {
    authority.asked += 1;
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    if (authority.mode === 'silent') return response.writeHead(503).end();
    writeFileSync(join(folder, 'question.tsq'), Buffer.concat(pieces));
    openssl(folder, ['ts', '-reply', '-config', 'tsa.cnf', '-queryfile', 'question.tsq', '-out', 'answer.tsr']);
    const answer = readFileSync(join(folder, 'answer.tsr'));
    first ??= answer;
    response.writeHead(200, { 'content-type': 'application/timestamp-reply' });
    return response.end(authority.mode === 'replay' ? first : answer);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { readonly port: number };
  return Object.assign(authority, {
    url: `http://127.0.0.1:${port}/`,
    caFile: join(folder, 'ca.pem'),
    end: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  });
}

function makeCertificates(folder: string): void {
  writeFileSync(join(folder, 'tsa.cnf'), configuration);
  writeFileSync(join(folder, 'serial'), '01\n');
  writeFileSync(join(folder, 'extensions'), 'extendedKeyUsage = critical,timeStamping\n');
  const key = ['-newkey', 'rsa:2048', '-nodes', '-keyout'];
  openssl(folder, ['req', '-x509', ...key, 'ca.key', '-out', 'ca.pem', '-subj', '/CN=Test CA', '-days', '30']);
  openssl(folder, ['req', ...key, 'tsa.key', '-out', 'tsa.csr', '-subj', '/CN=Test TSA']);
  const issued = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '30', '-extfile', 'extensions'];
  openssl(folder, ['x509', '-req', '-in', 'tsa.csr', '-out', 'tsa.pem', ...issued]);
}
