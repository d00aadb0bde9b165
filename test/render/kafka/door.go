package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"os"
)

const user = "$ConnectionString"

// What connections pass before they reach the broker: TLS, and SASL PLAIN after a handshake of version 0, which is what the
// library of Filebeat 7 speaks and the broker's own does not. The consumer in here enters without.
type door struct {
	net.Listener
	config   *tls.Config
	password string
	inside   chan net.Conn
}

func (d *door) listen(network, address string) (net.Listener, error) {
	listener, err := net.Listen(network, address)
	d.Listener = listener
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			go d.admit(tls.Server(connection, d.config))
		}
	}()
	return d, err
}

func (d *door) Accept() (net.Conn, error) { return <-d.inside, nil }

func (d *door) enter(context.Context, string, string) (net.Conn, error) {
	consumer, broker := net.Pipe()
	d.inside <- broker
	return consumer, nil
}

func (d *door) admit(connection net.Conn) {
	if err := d.authenticate(connection); err != nil {
		fmt.Fprintln(os.Stderr, "refused:", err)
		connection.Close()
		return
	}
	d.inside <- connection
}

// The handshake: key 17, version 0, correlation, client, mechanism; then the bare token, answered by an empty one
func (d *door) authenticate(connection net.Conn) error {
	request, err := read(connection)
	if err != nil {
		return err
	}
	if len(request) < 8 || !bytes.Equal(request[:4], []byte{0, 17, 0, 0}) || !bytes.HasSuffix(request, []byte("\x00\x05PLAIN")) {
		return fmt.Errorf("%q is no handshake for PLAIN", request)
	}
	answer := append(append([]byte{}, request[4:8]...), []byte("\x00\x00\x00\x00\x00\x01\x00\x05PLAIN")...)
	if err := write(connection, answer); err != nil {
		return err
	}
	token, err := read(connection)
	if err != nil {
		return err
	}
	if string(token) != "\x00"+user+"\x00"+d.password {
		return fmt.Errorf("a wrong user or password")
	}
	return write(connection, nil)
}

func read(connection net.Conn) ([]byte, error) {
	var size int32
	if err := binary.Read(connection, binary.BigEndian, &size); err != nil {
		return nil, err
	}
	if size < 0 || size > 10_000 {
		return nil, fmt.Errorf("%d bytes are no handshake", size)
	}
	message := make([]byte, size)
	_, err := io.ReadFull(connection, message)
	return message, err
}

func write(connection net.Conn, message []byte) error {
	return binary.Write(connection, binary.BigEndian, append(binary.BigEndian.AppendUint32(nil, uint32(len(message))), message...))
}
