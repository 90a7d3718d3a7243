/** What the bundles of the tests are made of. */
package dev.capstan.feature.provider.inside;
