package remote

import (
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"sync"
	"time"

	"github.com/mpcheck/mpcheck/adapters/remote/internal/proc"
	"github.com/mpcheck/mpcheck/adapters/wire"
)

// EnvConnect names, in an adapter's environment, where the images that it launches connect to the harness:
// unix:PATH.
const EnvConnect = "MPCHECK_CONNECT"

// images let the launched images of an adapter in. The socket is in the directory of the helper children's,
// with which it is removed.
type images struct {
	listener net.Listener
	serving  sync.WaitGroup
}

// listenForImages opens the socket; where there is none of helper children there is none for images, and nil.
func listenForImages(control *Control) (*images, error) {
	if control.Socket() == "" {
		return nil, nil
	}
	listener, err := net.Listen("unix", filepath.Join(filepath.Dir(control.Socket()), "images"))
	if err != nil {
		return nil, fmt.Errorf("opening the socket of launched images: %w", err)
	}
	return &images{listener: listener}, nil
}

// environment is what the adapter is told of it.
func (i *images) environment() []string {
	if i == nil {
		return nil
	}
	return []string{EnvConnect + "=unix:" + i.listener.Addr().String()}
}

// accept hands those who connect to the client, until the socket is closed.
func (i *images) accept(client *wire.Client) {
	if i == nil {
		return
	}
	i.serving.Go(func() {
		for {
			conn, err := i.listener.Accept()
			if errors.Is(err, net.ErrClosed) {
				return
			}
			if err != nil {
				// Out of descriptors, most likely: give others a moment to close theirs.
				time.Sleep(10 * time.Millisecond)
				continue
			}
			pid, err := proc.PeerPID(conn.(*net.UnixConn))
			if err != nil {
				_ = conn.Close() // it has gone again
				continue
			}
			client.Attach(conn, wire.Peer{PID: pid, Ended: endOf(pid)})
		}
	})
}

// close lets nobody in any more.
func (i *images) close() error {
	if i == nil {
		return nil
	}
	err := i.listener.Close()
	i.serving.Wait()
	return err
}
