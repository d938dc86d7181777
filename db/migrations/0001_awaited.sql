ALTER TABLE "external_events" ADD COLUMN "is_awaited" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "external_events" ALTER COLUMN "is_awaited" DROP DEFAULT;--> statement-breakpoint
CREATE INDEX "external_events_awaited" ON "external_events" USING btree ("provider_id") WHERE is_awaited;
