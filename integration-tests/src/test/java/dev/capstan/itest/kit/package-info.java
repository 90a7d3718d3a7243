/** What an author outside this repository makes, in the packaged program. */
package dev.capstan.itest.kit;
