import { request } from 'node:http';
import { text } from 'node:stream/consumers';

/** The variable that names the socket at which `berth deploy` answers whether what it began may go on */
export const gateVariable = 'BERTH_GATE';

/**
 * Asks `berth deploy`, where it runs the engine, whether the stack is still as it was read. By the time that a program
 * runs the engine holds the stack's lock, so the answer is true to the end.
 * @param socket nothing where another command runs the engine: then nobody is asked
 * @throws with the answer's words, where the deployment may not go on
 */
export async function passGate(socket = process.env[gateVariable]): Promise<void> {
  if (!socket) return;
  const refused = await new Promise<string>((resolve, reject) => {
    const asking = request({ socketPath: socket, method: 'POST' }, (response) => {
      text(response).then((words) => resolve(response.statusCode === 204 ? '' : words || 'no answer'), reject);
    });
    asking.on('error', (error) =>
      reject(new Error(`berth deploy, which began this, does not answer: ${error.message}`)),
    );
    asking.end();
  });
  if (refused !== '') throw new Error(refused);
}
