// Package dns has no provider: certificates of berth's sites are asked for by the HTTP challenge.
package dns

import (
	"fmt"

	"github.com/go-acme/lego/v4/challenge"
)

// NewDNSChallengeProviderByName returns an error.
func NewDNSChallengeProviderByName(name string) (challenge.Provider, error) {
	return nil, fmt.Errorf("this Traefik is built without DNS providers, %s among them", name)
}
