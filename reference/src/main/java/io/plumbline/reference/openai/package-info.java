/** Replaying a workload against a server that speaks OpenAI's API, over HTTP. */
package io.plumbline.reference.openai;
