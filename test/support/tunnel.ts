/** A tunnel to a loopback port, as ssh makes it, that can break and be mended at the same end. */
import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';

export class Tunnel {
  private readonly sockets = new Set<Socket>();
  private readonly targetPort: number;
  private server: Server;
  private ownPort = 0;

  constructor(targetPort: number) {
    this.targetPort = targetPort;
    this.server = this.makeServer();
  }

  /** Opens the near end; the port that stands for the target's. */
  async open(): Promise<number> {
    this.server = this.makeServer();
    await new Promise<void>((done, fail) => {
      this.server.once('error', fail);
      this.server.listen(this.ownPort, '127.0.0.1', () => done());
    });
    const address = this.server.address();
    if (address !== null && typeof address === 'object') this.ownPort = address.port;
    return this.ownPort;
  }

  /** Breaks it: open connections end, new ones are refused. */
  async cut(): Promise<void> {
    const closed = new Promise<void>((done) => this.server.close(() => done()));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private makeServer(): Server {
    return createServer((near) => {
      const far = connect(this.targetPort, '127.0.0.1');
      for (const socket of [near, far]) {
        this.sockets.add(socket);
        socket.on('close', () => {
          this.sockets.delete(socket);
          near.destroy();
          far.destroy();
        });
        socket.on('error', () => socket.destroy());
      }
      near.pipe(far);
      far.pipe(near);
    });
  }
}
