/** Tests that run inside a framework, beside the real bundles. */
package dev.capstan.itest;
