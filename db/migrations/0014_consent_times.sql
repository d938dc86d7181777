ALTER TABLE "provider_credentials" ADD COLUMN "consented_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "provider_credentials" ADD COLUMN "refreshed_at" timestamp with time zone;