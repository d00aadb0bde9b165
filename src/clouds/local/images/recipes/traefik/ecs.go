// Package ecs finds nothing: berth's edges read their routes from files, and those of clusters from the cluster.
package ecs

import (
	"errors"

	"github.com/traefik/traefik/v3/pkg/config/dynamic"
	"github.com/traefik/traefik/v3/pkg/safe"
)

// Provider has no settings.
type Provider struct{}

// Init returns an error.
func (*Provider) Init() error {
	return errors.New("this Traefik is built without the provider of Amazon ECS")
}

// Provide does nothing.
func (*Provider) Provide(chan<- dynamic.Message, *safe.Pool) error {
	return nil
}
